import { number, object } from '../json.js';
import { skuOf } from '../index/row-identity.js';
import type { ImportFormat } from './format.js';
import { readJson } from './read-json.js';

/** `run-stats`: jobs by hardware, `{"h100": {"n_success": 3, "total": 4}}`. */
export const inferencexRunStats: ImportFormat = {
  name: 'inferencex-run-stats',
  origin: 'inferencex',
  matches(content) {
    const values = Object.values(object(content));
    return (
      values.length > 0 && values.every((value) => 'n_success' in object(value) && 'total' in object(value))
    );
  },
  async *rows({ run, files, tree }) {
    for (const file of files.values())
      for (const [hw, value] of Object.entries(object(await readJson(tree, file)))) {
        const { n_success: succeeded, total } = object(value);
        yield {
          table: 'success',
          cells: { run, sku: skuOf(hw), n_success: number(succeeded), total: number(total), file },
        };
      }
  },
};
