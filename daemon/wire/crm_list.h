/* crm_list.h: every kind of source there is, one row each; see wire/crm.h. */
CRM(cloudevents)
CRM(hubspot)
CRM(salesforce)
CRM(pipedrive)
CRM(close)
CRM(dataverse)
CRM(zoho)
CRM(generic)
