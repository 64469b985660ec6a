import { availableParallelism } from 'node:os';

/** ESM Jest; `npm test` runs it with `--experimental-vm-modules` on the bundled Node (scripts/task.mjs). */
const transform = {
  '^.+\\.ts$': [
    '@swc/jest',
    {
      swcrc: false, // .swcrc leaves specs out
      sourceMaps: 'inline',
      jsc: {
        target: 'es2023',
        parser: { syntax: 'typescript', decorators: true },
        transform: { legacyDecorator: true, decoratorMetadata: true },
        keepClassNames: true,
      },
      module: { type: 'es6' },
    },
  ],
};
const common = {
  rootDir: import.meta.dirname,
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  moduleFileExtensions: ['ts', 'js', 'mjs', 'json', 'node'],
  transform,
  setupFiles: ['reflect-metadata'], // decorators note their types through it, as in every main.ts
  moduleNameMapper: {
    '^#db/(registrar|nyms|keyholder)$': '<rootDir>/prisma/$1/generated/client.ts',
    '^#(contracts|approvals|he|tickets|audit|mimi|platform|policy|pseudonyms|signals|cases|tallies|client-sdk|hub-sdk)$':
      '<rootDir>/libs/$1/src/index.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  modulePathIgnorePatterns: ['<rootDir>/dist'],
};
const withServers = { globalSetup: '<rootDir>/test/servers/setup.mjs', globalTeardown: '<rootDir>/test/servers/teardown.mjs' };
const folder = (name, extra = {}) => ({
  ...common,
  displayName: name,
  testMatch: [`<rootDir>/test/${name}/**/*.spec.ts`],
  ...extra,
});

export default {
  // a busy machine of two cores makes a 50 ms case take seconds; what hangs still ends
  testTimeout: 60_000,
  // specs take what they share (databases, ports, a Redis) for themselves; each worker may start a whole service
  maxWorkers: Math.min(availableParallelism(), 4),
  testSequencer: '<rootDir>/test/longest-first.mjs',
  // modules of ESM tests are never given back: one process for all files comes to its heap's end
  workerIdleMemoryLimit: '1GB',
  projects: [
    { ...common, displayName: 'unit', testMatch: ['<rootDir>/{apps,libs,tools}/**/*.spec.ts'] },
    folder('he'),
    folder('vectors'),
    folder('integration', withServers),
    folder('simulation', withServers),
    folder('linkage', withServers),
    folder('e2e', withServers),
  ],
};
