using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Krmx.Shared;

/// <summary>A run in which a task fails unseen is no success, though every test passes.</summary>
public class UnobservedExceptionsTests
{
    private const string Clue = "nobody looks at this one";

    [Fact(Explicit = true)]
    public void ForgottenTask() => Forget();

    [Theory, FullRunOnly]
    [InlineData(nameof(ForgottenTask), true)]
    [InlineData(nameof(NothingForgotten), false)]
    public async Task Run_FailsWhereATaskFailedUnseen(string test, bool fails)
    {
        string method = $"{typeof(UnobservedExceptionsTests).FullName}.{test}";
        using Process run = Process.Start(new ProcessStartInfo(
            Environment.ProcessPath!, ["-noColor", "-noLogo", "-noAutoReporters", "-explicit", "only", "-method", method])
        {
            RedirectStandardOutput = true,
        })!;
        string output = await run.StandardOutput.ReadToEndAsync();
        await run.WaitForExitAsync();

        Assert.Contains("Total: 1", output, StringComparison.Ordinal);
        Assert.Equal(fails, run.ExitCode != 0);
        Assert.Equal(fails, output.Contains(UnobservedExceptions.Verdict, StringComparison.Ordinal));
        Assert.Equal(fails, output.Contains(Clue, StringComparison.Ordinal));
    }

    [Fact(Explicit = true)]
    public void NothingForgotten()
    {
    }

    // Not inlined: a caller's frame would keep the task alive.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Forget() => Task.FromException(new InvalidOperationException(Clue));
}
