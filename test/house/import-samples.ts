// Owns the rules of imports with a small tree each that breaks them.
import {
  borrowedStores,
  crossedSurfaces,
  cycles,
  wrongDirections,
  wrongFacets,
} from './import-rules.ts'
import type { Rule } from './rule.ts'

export const importRuleSamples: Rule[] = [
  {
    title: 'imports run one way',
    check: wrongDirections,
    sample: {
      'server/src/core/a.ts': "// Owns a.\nimport { m } from '../http/mount.ts'\n",
      'server/src/core/b.ts':
        "import {\n  x,\n} from '../lib/x.ts'\nexport * from '../jobs/w.ts'\n",
      'server/src/lib/c.ts': "const core = await import('../core/context.ts')\n",
      'server/src/rails/d.ts': "import { p } from '../core/payouts/payout.ts'\n",
      'server/src/http/e.ts': "import type { C } from '../core/customer/customer.ts'\n",
      'server/src/app.ts': "import { m } from './http/mount.ts'\nimport './app.test.ts'\n",
      'server/src/core/e.test.ts': "import { m } from '../http/mount.ts'\n",
      'server/src/core/f.ts': "// from '../http/a.ts'\nconst s = `import '../http/a.ts'`\n",
      'server/src/jobs/g.ts': "import '../../../test/harness.ts'\nimport '../../package.json'\n",
      'sdk/src/client.ts': "import { fetch } from 'undici'\nimport '../../server/src/app.ts'\n",
      'server/src/odd.ts': "import './app.ts'\n",
    },
    says: [
      'server/src/core/a.ts:2: core may not import http/mount.ts',
      'server/src/core/b.ts:4: core may not import jobs/w.ts',
      'server/src/lib/c.ts:1: lib may not import core/context.ts',
      'server/src/rails/d.ts:1: rails may not import core/payouts',
      'server/src/http/e.ts:1: http may not import core/customer',
      'server/src/app.ts:2: app.ts may not import a test (app.test.ts)',
      'server/src/jobs/g.ts:1: jobs may not import a test (harness.ts)',
      'sdk/src/client.ts:1: sdk may not import a package (undici)',
      'sdk/src/client.ts:2: sdk may not import app.ts',
      'server/src/odd.ts:1: server/src/odd.ts stands in no row of the import table',
    ],
  },
  {
    title: 'a facet names only the facets it may',
    check: wrongFacets,
    sample: {
      'server/src/core/customer/a.ts':
        "import '../events/event.ts'\nimport '../payouts/payout.ts'\n",
      'server/src/core/bank-accounts/b.ts': "import type { P } from '../payouts/payout.ts'\n",
      'server/src/core/payouts/c.ts': "import '../bank-accounts/b.ts'\nimport '../errors.ts'\n",
      'server/src/core/fields.ts': "import './customer/customer.ts'\n",
      'server/src/core/catalogue.ts':
        "import './customer/customer.ts'\nimport './directory/d.ts'\n",
    },
    says: [
      'server/src/core/customer/a.ts:2: core/customer may not import core/payouts',
      'server/src/core/bank-accounts/b.ts:1: core/bank-accounts may not import core/payouts',
      'server/src/core/fields.ts:1: core/fields.ts may not import core/customer',
      'server/src/core/catalogue.ts:2: core/catalogue.ts may not import core/directory',
    ],
  },
  {
    title: 'a surface never imports another',
    check: crossedSurfaces,
    sample: {
      'server/src/surfaces/payouts/a.ts': "import '../crypto/wire.ts'\nimport './wire.ts'\n",
      'server/src/surfaces/surfaces.ts': "import './payouts/surface.ts'\n",
    },
    says: ['server/src/surfaces/payouts/a.ts:1: surface payouts may not import surface crypto'],
  },
  {
    title: 'a store is imported from its own folder only',
    check: borrowedStores,
    sample: {
      'server/src/core/payouts/a.ts': "import '../customer/customer-store.ts'\n",
      'server/src/core/payouts/b.ts': "import './payout-store.ts'\n",
    },
    says: [
      'server/src/core/payouts/a.ts:1: customer-store.ts may be imported from its own folder only',
    ],
  },
  {
    title: 'nothing imports in a circle',
    check: cycles,
    sample: {
      'server/src/lib/a.ts': "import './b.ts'\n",
      'server/src/lib/b.ts': "import './c.ts'\nimport type { D } from './d.ts'\n",
      'server/src/lib/c.ts': "import './a.ts'\n",
      'server/src/lib/d.ts': "import './b.ts'\n",
      'server/src/core/payouts/e.ts': "import type { F } from '../customer/f.ts'\n",
      'server/src/core/customer/f.ts': "import type { E } from '../payouts/e.ts'\n",
    },
    says: [
      'import cycle: server/src/lib/a.ts → server/src/lib/b.ts → server/src/lib/c.ts → ' +
        'server/src/lib/a.ts',
      'import cycle: core/payouts → core/customer → core/payouts',
    ],
  },
]
