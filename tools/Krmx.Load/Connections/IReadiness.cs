namespace Krmx.Load.Connections;

/// <summary>Tells which clients have something to read.</summary>
internal interface IReadiness : IDisposable
{
    /// <summary>Watches one more client; from any thread.</summary>
    void Watch(LoadClient client);

    /// <summary>Watches a client no more, before its socket ends; only between two calls of <see cref="Wait"/>, so that none tells of it.</summary>
    void Unwatch(LoadClient client);

    /// <summary>Waits until somebody has something to read, or is at the end.</summary>
    /// <param name="readable">Where they are added.</param>
    /// <param name="limit">How long to wait at most.</param>
    void Wait(List<LoadClient> readable, TimeSpan limit);
}
