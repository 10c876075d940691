import { ExtensionContext, workspace } from "vscode";
import { LanguageClient, LanguageClientOptions, ServerOptions } from "vscode-languageclient/node";

let client: LanguageClient | undefined;

export async function activate(context: ExtensionContext): Promise<void> {
  const settings = workspace.getConfiguration("meshlint");
  const [command, ...before] = settings.get<string[]>("command", ["meshlint"]);
  const server: ServerOptions = { command, args: [...before, "lsp", ...settings.get<string[]>("arguments", [])] };
  const watcher = workspace.createFileSystemWatcher("**/*.{yaml,yml,json}");
  context.subscriptions.push(watcher);
  const options: LanguageClientOptions = {
    documentSelector: [{ scheme: "file", language: "yaml" }],
    synchronize: { fileEvents: watcher },
  };
  client = new LanguageClient("meshlint", "meshlint", server, options);
  await client.start();
}

export async function deactivate(): Promise<void> {
  await client?.stop();
}
