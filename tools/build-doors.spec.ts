import path from 'node:path';
import { describe, expect, it } from '@jest/globals';

type Doors = (indexes: ReadonlyMap<string, string>) => (file: string, code: string) => string;
const script = path.join(import.meta.dirname, '..', 'scripts', 'doors.mjs');
const { doors } = (await import(script)) as { doors: Doors };

const flattened = doors(
  new Map([
    [
      'platform',
      `/** A door. */
export { Clock, type ClockRules } from './clock.js';
export type { Row } from './row.js';
export {
  serve,
  stop as end,
} from './http/serve.js';
`,
    ],
    ['sdk', `export { Clock as Watch } from '#platform';\nexport * from './all.js';\n`],
  ]),
);

describe('imports through doors, as they are built', () => {
  it('are of the files that define the names, on the lines where they stood', () => {
    const code = `import { Clock, end as finish,\n serve } from "#platform";\nexport { Watch } from '#sdk';\nlet x;`;
    expect(flattened('apps/nyms/src/hubs/hub.js', code)).toBe(
      `import { Clock } from "../../../../libs/platform/src/clock.js"; ` +
        `import { stop as finish } from "../../../../libs/platform/src/http/serve.js"; ` +
        `import { serve } from "../../../../libs/platform/src/http/serve.js";\n\n` +
        `export { Clock as Watch } from '../../../../libs/platform/src/clock.js';\nlet x;`,
    );
  });

  it('stay what they are where the door does not name what it gives', () => {
    for (const code of [`import { Other } from "#sdk";`, `import * as all from "#platform";`, `import "#db/nyms";`])
      expect(flattened('libs/policy/src/policy.js', code)).toBe(code);
    expect(flattened('libs/platform/src/x.js', `import { Clock } from "#platform";`)).toBe(`import { Clock } from "./clock.js";`);
  });
});
