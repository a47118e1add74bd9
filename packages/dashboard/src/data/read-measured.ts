import { readReadings, readRecords } from '@sweepline/core';
import { MOST_REQUESTS, MOST_SAMPLES } from './bounds.js';
import type { MeasuredReader } from './point-files.js';
import { requestTable } from './request-table.js';
import { sampleTable } from './sample-table.js';

/** What single requests, devices and the server did. */
export const readMeasured: MeasuredReader = async (records, telemetry, notes) => {
  const record = await readRecords(records);
  const readings = telemetry === undefined ? undefined : await readReadings(telemetry);
  const { table: requests, all } = requestTable(record, MOST_REQUESTS);
  if (all > requests.rows) notes.push(`the first ${requests.rows} of ${all} requests`);
  const samples = sampleTable(record, readings, MOST_SAMPLES);
  if (samples.step > 1) notes.push(`one of every ${samples.step} readings of devices and server`);
  return {
    ...(requests.rows > 0 && { requests }),
    ...(samples.table.rows > 0 && { samples: samples.table }),
  };
};
