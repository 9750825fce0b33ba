using System.Globalization;

namespace Krmx.FunctionalTests.Server.Scale;

/// <summary>How many files the process may have open; the runtime raises the soft limit to the hard one by itself.</summary>
internal static class OpenFiles
{
    /// <summary>Skips the test, saying why, where its sockets would not fit.</summary>
    public static void Demand(int count)
    {
        if (!File.Exists("/proc/self/limits"))
            return;
        string line = File.ReadLines("/proc/self/limits").First(l => l.StartsWith("Max open files", StringComparison.Ordinal));
        string soft = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[3];
        if (soft != "unlimited" && int.Parse(soft, CultureInfo.InvariantCulture) < count)
            Assert.Skip($"{count} open files are needed and {soft} allowed: raise the hard limit, ulimit -Hn.");
    }
}
