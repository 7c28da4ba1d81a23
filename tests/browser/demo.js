// `make demo-jira`: a simulated Okta org and the plugin in Tomcat, for a person to click through.

import { startJira, startOrg, withFolder } from './support/stage.js';

const flavour = process.env.JIRA === '11' ? 'jira11' : 'jira10';
const aui = flavour === 'jira11' ? 'aui10' : 'aui9';
const users = process.env.USERS || '20000';
const callback = '/plugins/servlet/ac/com.mumosystems.okta-profiles/connection-page';

await withFolder(async (folder) => {
  const org = await startOrg(folder, ['--users', users, '--latency-ms', '120', '--jira-user-count', '5000', '--consent-page']);
  const jira = await startJira(folder, { flavour, aui, jiraUsers: org.jiraUsers, port: process.env.PORT || 2990 });
  await org.control('oauth', { web: { redirect_uris: [jira.url + callback] } });
  console.log(`
  Okta Profiles   ${jira.url}/plugins/servlet/okta-profiles/admin
  An issue        ${jira.url}/browse/HELP-1
  Log in as       admin, password admin (asked once more for administration); alice is no administrator

  Okta URL        ${org.url}
  API token       ${org.token}
  OAuth client    ${org.oauth.client_id}
  Client secret   ${org.oauth.client_secret}

  A stage like Jira ${flavour.slice(4)} with ${users} simulated Okta users. Ctrl-C ends everything.`);
  await new Promise((stop) => {
    process.once('SIGINT', stop);
    process.once('SIGTERM', stop);
  });
  await Promise.all([jira.stop(), org.stop()]);
});
