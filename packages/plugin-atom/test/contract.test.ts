import { testFramework } from '@sweepline/core/testing';
import { describe, it } from 'vitest';
import plugins from '../dist/index.js';

testFramework(plugins, { describe, it });
