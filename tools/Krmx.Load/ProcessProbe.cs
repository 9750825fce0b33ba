using System.Diagnostics;

namespace Krmx.Load;

/// <summary>Reads what a server's process has used.</summary>
internal sealed class ProcessProbe(int id) : IDisposable
{
    private readonly Process _process = Find(id);

    /// <summary>The seconds of processor time so far.</summary>
    public double CpuSeconds
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime.TotalSeconds;
        }
    }

    /// <summary>The memory that is resident now, in bytes.</summary>
    public long ResidentBytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    public void Dispose() => _process.Dispose();

    private static Process Find(int id)
    {
        try
        {
            return Process.GetProcessById(id);
        }
        catch (ArgumentException error)
        {
            throw new LoadException($"There is no process {id}.", error);
        }
    }
}
