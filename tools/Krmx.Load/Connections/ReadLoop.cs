using System.Collections.Concurrent;

namespace Krmx.Load.Connections;

/// <summary>The one thread that reads for all clients of a fleet, into one buffer.</summary>
internal sealed class ReadLoop : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly IReadiness _readiness = OperatingSystem.IsLinux() ? new Epoll() : new Selection();
    private readonly ConcurrentQueue<Task> _errands = [];
    private readonly Thread _thread;
    private volatile bool _isEnding;

    public ReadLoop()
    {
        _thread = new Thread(Run) { IsBackground = true, Name = "load" };
        _thread.Start();
    }

    public void Watch(LoadClient client) => _readiness.Watch(client);

    /// <summary>Cuts a client's connection, by the thread that reads: what it has read is handled, and nothing comes after it.</summary>
    public Task CutAsync(LoadClient client, bool isReset)
    {
        // Whoever waits for it goes on elsewhere.
        var errand = new Task(() => Cut(client, isReset), TaskCreationOptions.RunContinuationsAsynchronously);
        _errands.Enqueue(errand);
        return errand;
    }

    public void Dispose()
    {
        _isEnding = true;
        _thread.Join();
        _readiness.Dispose();
    }

    private void Run()
    {
        var readable = new List<LoadClient>();
        byte[] buffer = new byte[256 * 1024];
        while (!_isEnding)
        {
            readable.Clear();
            _readiness.Wait(readable, Pause);
            foreach (LoadClient client in readable)
                client.Read(ref buffer);
            while (_errands.TryDequeue(out Task? errand))
                errand.RunSynchronously(TaskScheduler.Default);
        }
    }

    private void Cut(LoadClient client, bool isReset)
    {
        if (client.HasEnded)
            throw new LoadException($"client {client.Number} has no connection");
        _readiness.Unwatch(client);
        client.Cut(isReset);
    }
}
