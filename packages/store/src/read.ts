/** How other packages read the index of a workspace, and what they write of it. It loads the database: for modules of commands. */
export { openIndex } from './commands/open-index.js';
export { choosePoints, type Choice, type ChosenPoints } from './exports/chosen-points.js';
export { select, selectColumns, type Database } from './index/database.js';
export { MARKS } from './index/select-results.js';
export { columnsOf } from './index/table-writer.js';
export { quoted } from './index/sql-tables.js';
export { TABLES, type Column } from './index/tables.js';
export * from './json.js';
export { csv } from './output/answer.js';
export { writeTable, type TableColumn } from './records/write-table.js';
