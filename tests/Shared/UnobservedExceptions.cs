using System.Collections.Concurrent;

[assembly: AssemblyFixture(typeof(Krmx.Shared.UnobservedExceptions))]

namespace Krmx.Shared;

/// <summary>Fails the run when any task's exception was never looked at.</summary>
public sealed class UnobservedExceptions : IDisposable
{
    public const string Verdict = "Tasks failed and nobody looked.";

    private readonly ConcurrentQueue<Exception> _exceptions = new();

    public UnobservedExceptions() => TaskScheduler.UnobservedTaskException += Note;

    public void Dispose()
    {
        // Twice: a finalizer of the first round may let go of more.
        for (int round = 0; round < 2; round++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        TaskScheduler.UnobservedTaskException -= Note;
        if (!_exceptions.IsEmpty)
            throw new AggregateException(Verdict, _exceptions);
    }

    private void Note(object? sender, UnobservedTaskExceptionEventArgs e)
    {
        if (!e.Exception.Flatten().InnerExceptions.All(IsOfAMutant))
            _exceptions.Enqueue(e.Exception);
    }

    /// <summary>Whether it was thrown by code with a defect put in on purpose, which may lose its tasks.</summary>
    private static bool IsOfAMutant(Exception exception) => exception.TargetSite?.Module.Assembly.GetName().Name == "Mutant";
}
