// Types and promises on everything that is compiled; plain rules on scripts. Import directions, the environment and file sizes are
// checked by tools/check-imports.ts and tools/check-tree.ts, which say more than a lint rule can.
import tseslint from 'typescript-eslint';

const typed = ['{apps,libs,test,tools,prisma,docs}/**/*.ts'];
const environment = {
  object: 'process',
  property: 'env',
  message: 'Take settings from the config of the app (style.md §4); only config.ts and main.ts of an app read the environment.',
};

export default tseslint.config(
  { ignores: ['dist/**', 'node_modules/**', 'coverage/**', 'prisma/*/generated/**', '.nymtally/**', 'prisma.config.ts'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error', noInlineConfig: true } },
  ...tseslint.configs.recommended,
  {
    rules: {
      eqeqeq: ['error', 'smart'],
      'no-constant-binary-expression': 'error',
      'no-template-curly-in-string': 'error',
      'object-shorthand': 'error',
      'prefer-const': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
    },
  },
  {
    files: typed,
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { arguments: false } }],
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      // leaves files with decorators alone: Nest needs the classes it injects as values
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
      '@typescript-eslint/no-import-type-side-effects': 'error',
    },
  },
  {
    files: ['{apps,libs}/**/*.ts'],
    ignores: ['apps/*/src/{config,main}.ts', 'libs/platform/src/config/**'],
    rules: { 'no-restricted-properties': ['error', environment] },
  },
  {
    files: ['libs/**/*.ts', 'apps/{registrar,nyms,correlator,witness,keyholder}/**/*.ts'],
    rules: { 'no-console': 'error' }, // events.ts and the logger; console prints whatever it is given
  },
);
