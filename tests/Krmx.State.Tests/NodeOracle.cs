using System.Diagnostics;
using System.Text;

namespace Krmx.State.Tests;

/// <summary>A Node.js process that answers lines, each a JSON array, with one line.</summary>
/// <param name="script">The script, in the folder of tests, such as <c>peers-state/oracle.mjs</c>.</param>
internal sealed class NodeOracle(string script) : IDisposable
{
    private readonly Process _process = Process.Start(new ProcessStartInfo("node", Path.GetFileName(script))
    {
        WorkingDirectory = FolderOf(script),
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        StandardInputEncoding = new UTF8Encoding(false),
        StandardOutputEncoding = new UTF8Encoding(false),
    })!;

    public JsonTree Ask(params JsonTree[] question)
    {
        _process.StandardInput.Write(JsonTree.ArrayOf(question) + "\n");
        _process.StandardInput.Flush();
        string answer = _process.StandardOutput.ReadLine()
            ?? throw new InvalidOperationException($"{script} ended. Was 'npm ci' run in {FolderOf(script)}?");
        return JsonTree.Parse(Encoding.UTF8.GetBytes(answer), JsonTree.MaxDepth);
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static string FolderOf(string script) => Path.GetDirectoryName(RepositoryFile.Path($"tests/{script}"))!;
}
