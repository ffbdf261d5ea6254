const ROOMS = 'participants|integration-map|agreement|consultations|results|course-plan|tutoring|footprint';

/** The rules between rooms (docs/architecture.md): who may import whom. */
module.exports = {
  forbidden: [
    { name: 'no-circle', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphan',
      severity: 'error',
      from: { orphan: true, path: '^src/(?!client/)', pathNot: '\\.d\\.ts$' },
      to: {},
    },
    {
      name: 'ltijs-only-in-lti',
      comment: 'ltijs is used behind the guard of src/lti and nowhere else.',
      severity: 'error',
      from: { path: '^(src|scripts)/', pathNot: '^src/lti/' },
      to: { path: 'node_modules/ltijs' },
    },
    {
      name: 'rooms-meet-at-index',
      comment: 'What a feature room offers another is in its index.ts.',
      severity: 'error',
      from: { path: `^src/(${ROOMS})/`, pathNot: '^src/(app|main|admin)\\.ts$' },
      to: { path: `^src/(${ROOMS})/(?!index\\.ts$)`, pathNot: '^src/$1/' },
    },
    {
      name: 'outside-meets-rooms-at-the-door',
      comment: 'web, launch, lti, outbox, mail and database know no feature room.',
      severity: 'error',
      from: { path: '^src/(web|launch|lti|outbox|mail|database)/' },
      to: { path: `^src/(${ROOMS})/` },
    },
    {
      name: 'lti-meets-at-index',
      comment: 'The LTI room is seen through its index; its services by app.ts too.',
      severity: 'error',
      from: { path: `^src/(web|launch|outbox|database|${ROOMS})/` },
      to: { path: '^src/lti/(?!index\\.ts$|services/(call|grades)\\.ts$)' },
    },
    {
      name: 'rules-are-pure',
      severity: 'error',
      from: { path: '^src/.*/(rules|after-attempt|duties)\\.ts$' },
      to: { path: '(store|routes|page)\\.ts$|node_modules/(mongoose|express)|^src/(web|database)/' },
    },
    {
      name: 'mongoose-only-in-stores',
      severity: 'error',
      from: {
        path: '^src/',
        pathNot: '(store|models|platforms|registration-links)\\.ts$|^src/database/',
      },
      to: { path: 'node_modules/mongoose', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'browser-code-stands-alone',
      severity: 'error',
      from: { path: '^src/client/' },
      to: { path: '^src/(?!client/)', pathNot: '^src/[^/]+/(rules|hours|merge|text|table/[a-z-]+)\\.ts$' },
    },
    {
      name: 'the-top-is-seen-from-outside-only',
      comment: 'app.ts, main.ts and admin.ts see everything; nothing in src sees them.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(app|main|admin)\\.ts$' },
      to: { path: '^src/(app|main|admin)\\.ts$' },
    },
    {
      name: 'rules-do-no-input-or-output',
      comment: 'Neither files nor network nor clock: time and facts come in.',
      severity: 'error',
      from: { path: '^src/.*/(rules|after-attempt|duties)\\.ts$' },
      to: { dependencyTypes: ['core'] },
    },
    { name: 'src-knows-no-scripts', severity: 'error', from: { path: '^src/' }, to: { path: '^(scripts|test)/' } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
