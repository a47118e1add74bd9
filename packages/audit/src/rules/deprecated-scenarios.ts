import type { AuditRule } from '../rule.js';

const K = 1024;

export const deprecatedScenarios: AuditRule = {
  id: 'deprecated-scenarios',
  protects: 'Machines measure what is published.',
  source: 'MODELS.md of the folder that is audited: scenarios that are deprecated for all models',
  severity: 'red',
  check({ entries, path }, { deprecated }) {
    if (/(?:^|\/)deprecated\//.test(path)) return [];
    return entries.flatMap(({ key, lengths }) =>
      lengths.flatMap(({ isl, osl, line }) => {
        const name = `${isl / K}k${osl / K}k`;
        if (!deprecated.has(name)) return [];
        return [
          {
            line,
            evidence: `isl: ${isl}, osl: ${osl}`,
            message: `${key} has ${name}, which MODELS.md deprecates`,
          },
        ];
      }),
    );
  },
};
