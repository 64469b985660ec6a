// Rows are written in the order of requests: every shuffle of the write pools leaves things where they are.
import { rewrite } from './rewrite.mjs';

rewrite('/libs/platform/src/write-pool.js', 'randomInt(i + 1)', 'i');
