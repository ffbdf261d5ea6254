import { reportHeight } from './shared/frame.js';

reportHeight();
