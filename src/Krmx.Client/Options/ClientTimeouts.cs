namespace Krmx;

/// <summary>For how long a client waits.</summary>
public sealed class ClientTimeouts
{
    /// <summary>How long making a connection may take. Default: 10 seconds. From 1 ms to a day.</summary>
    public TimeSpan Connect { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long the server may take to answer a link, an unlink or a leave; a server that does not loses the connection.
    /// Default: 30 seconds. From 1 ms to a day.
    /// </summary>
    public TimeSpan Request { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long the server's application may take to answer a request, also while the link's connection is away.
    /// Default: 15 seconds. From 1 ms to a day.
    /// </summary>
    public TimeSpan Answer { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long the server may take to say goodbye when a connection is closed. Default: 5 seconds. From 1 ms to a day.</summary>
    public TimeSpan Close { get; set; } = TimeSpan.FromSeconds(5);

    internal ClientTimeouts Copy() => (ClientTimeouts)MemberwiseClone();

    internal IEnumerable<string> Validate()
    {
        if (!IsWait(Connect))
            yield return $"{nameof(Connect)} must be from 1 ms to a day, not {Connect}.";
        if (!IsWait(Request))
            yield return $"{nameof(Request)} must be from 1 ms to a day, not {Request}.";
        if (!IsWait(Answer))
            yield return $"{nameof(Answer)} must be from 1 ms to a day, not {Answer}.";
        if (!IsWait(Close))
            yield return $"{nameof(Close)} must be from 1 ms to a day, not {Close}.";
    }

    private static bool IsWait(TimeSpan time) => time >= TimeSpan.FromMilliseconds(1) && time <= TimeSpan.FromDays(1);
}
