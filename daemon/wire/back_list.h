/* back_list.h: every kind of source whose records can be read back, one row each; see
 * wire/read_back.h. */
BACK(dataverse)
BACK(hubspot)
BACK(zoho)
