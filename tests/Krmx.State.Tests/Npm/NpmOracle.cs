using System.Diagnostics;
using System.Text;

namespace Krmx.State.Tests.Npm;

/// <summary>A Node.js process with the npm packages, which answers lines (tests/peers-state).</summary>
internal sealed class NpmOracle : IDisposable
{
    private static readonly string Folder = RepositoryFile.Path("tests/peers-state");

    private readonly Process _process = Process.Start(new ProcessStartInfo("node", "oracle.mjs")
    {
        WorkingDirectory = Folder,
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
            ?? throw new InvalidOperationException($"The oracle ended. Was 'npm ci' run in {Folder}?");
        return JsonTree.Parse(Encoding.UTF8.GetBytes(answer), JsonTree.MaxDepth);
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
