import type { ReportPlugin } from '@sweepline/core';

/** `report.html`: the site with one run in it. What makes it is loaded when there is a run to show. */
export const report: ReportPlugin = {
  kind: 'report',
  name: 'html',
  apiVersion: 2,
  file: 'report.html',
  async write(run, folder, signal, { skus }) {
    const { writeReportPage } = await import('./build/report-page.js');
    await writeReportPage(run, folder, skus, signal);
  },
};
