// @ts-check
/** The fake server of core's tests, which first says what it sees of GPUs. */
import { readdirSync } from 'node:fs';

const VISIBLE = /_VISIBLE_DEVICES$/;
const FILES = /^(?:nvidia\d+|kfd|dri)$/;

const role = process.env['GPUS_CHECK_ROLE'];
const visible = Object.fromEntries(Object.entries(process.env).filter(([name]) => VISIBLE.test(name)));
const files = readdirSync('/dev').filter((name) => FILES.test(name));
console.log(`sees ${JSON.stringify({ role, visible, files: files.sort() })}`);
await import('../../../packages/core/dist/testing/fake-server-main.js');
