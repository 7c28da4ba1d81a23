// Two projects: the whole story on the Jira 10 flavour with AUI 9, the tests marked @both on Jira 11 with AUI 10.
import { defineConfig } from '@playwright/test';

const chromium = process.env.CHROMIUM || '/usr/bin/chromium';

export default defineConfig({
  testDir: 'specs',
  outputDir: '../../target/browser/failures',
  // Each file has a simulated org and a stage of its own.
  workers: 2,
  // Long enough for a slow machine: what waits does so for something that must come.
  timeout: 300_000,
  expect: { timeout: 60_000 },
  forbidOnly: Boolean(process.env.CI),
  reporter: [['list']],
  use: {
    viewport: { width: 1280, height: 900 },
    locale: 'en-US',
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: chromium,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  projects: [
    { name: 'jira10', use: { flavour: 'jira10', aui: 'aui9' } },
    { name: 'jira11', use: { flavour: 'jira11', aui: 'aui10' }, grep: /@both/ },
  ],
});
