/* import_list.h: every importer there is, one row each; see wire/import.h. */
IMPORTER(csv)
IMPORTER(maven)
