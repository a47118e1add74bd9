import { describe, it } from 'node:test';
import { testFramework } from '@sweepline/core/testing';
import plugins from '../src/index.js';

testFramework(plugins, { describe, it });
