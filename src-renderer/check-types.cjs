// Checks the types of .vue files. vue-tsc works inside a TypeScript written in JavaScript, which 7 no longer is: it gets 6.
process.argv.push('--noEmit', '-p', 'tsconfig.renderer.json');
require('vue-tsc').run(require.resolve('typescript-6/lib/tsc.js'));
