using System.Diagnostics;

namespace Krmx.FunctionalTests.Processes;

/// <summary>Programs that are built beside the tests, and signals to their processes.</summary>
internal static class BuiltProgram
{
    /// <summary>The assembly of a project: artifacts/bin/PROJECT/release is next to artifacts/bin/Krmx.FunctionalTests/release.</summary>
    public static string PathOf(string project)
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        string file = project == "Krmx.Cli" ? "krmx.dll" : $"{project}.dll";
        return Path.Combine(here.Parent!.Parent!.FullName, project, here.Name, file);
    }

    /// <summary>Sends a signal, by its name without SIG or its number.</summary>
    public static async Task SignalAsync(this Process process, string signal)
    {
        using Process kill = Process.Start("kill", [$"-{signal}", $"{process.Id}"]);
        await kill.WaitForExitAsync();
        Assert.Equal(0, kill.ExitCode);
    }
}
