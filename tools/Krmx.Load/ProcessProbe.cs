using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Krmx.Load;

/// <summary>Reads what a server's process has used.</summary>
/// <exception cref="LoadException">There is no such process, or there is none any more.</exception>
internal sealed partial class ProcessProbe(int id) : IDisposable
{
    private readonly Process _process = Find(id);

    /// <summary>The seconds of processor time so far; on Linux to the nanosecond, as what the framework reads there counts in hundredths.</summary>
    public double CpuSeconds => OperatingSystem.IsLinux() && GetClock(id, out int clock) == 0 && GetTime(clock, out TimeSpec time) == 0
        ? time.Seconds + (time.Nanoseconds / 1e9)
        : Read(static process => process.TotalProcessorTime.TotalSeconds);

    /// <summary>The memory that is resident now, in bytes.</summary>
    public long ResidentBytes => Read(static process => process.WorkingSet64);

    public void Dispose() => _process.Dispose();

    private static Process Find(int id)
    {
        try
        {
            return Process.GetProcessById(id);
        }
        catch (ArgumentException error)
        {
            throw new LoadException($"there is no process {id}", error);
        }
    }

    private T Read<T>(Func<Process, T> figure)
    {
        try
        {
            _process.Refresh();
            return figure(_process);
        }
        catch (Exception error) when (error is InvalidOperationException or Win32Exception)
        {
            throw new LoadException($"process {id} has ended, or is not yours to look at", error);
        }
    }

    [LibraryImport("libc", EntryPoint = "clock_getcpuclockid")]
    private static partial int GetClock(int process, out int clock);

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
