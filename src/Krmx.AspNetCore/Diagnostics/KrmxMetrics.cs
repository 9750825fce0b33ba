using System.Diagnostics.Metrics;
using Krmx.Rooms;

namespace Krmx.Diagnostics;

/// <summary>The meter "Krmx".</summary>
internal sealed class KrmxMetrics
{
    public const string MeterName = "Krmx";

    private readonly UpDownCounter<int> _connections;
    private readonly UpDownCounter<int> _linkedUsers;
    private readonly UpDownCounter<int> _rooms;
    private readonly Counter<long> _framesReceived;
    private readonly Counter<long> _bytesReceived;
    private readonly Counter<long> _framesSent;
    private readonly Counter<long> _bytesSent;
    private readonly Counter<long> _rejections;
    private readonly Counter<long> _evictions;
    private readonly Counter<long> _refusals;
    private readonly Histogram<double> _turnDuration;

    public KrmxMetrics(IMeterFactory meters)
    {
        Meter meter = meters.Create(MeterName);
        _connections = meter.CreateUpDownCounter<int>("krmx.connections", "{connection}", "Open connections.");
        _linkedUsers = meter.CreateUpDownCounter<int>("krmx.users.linked", "{user}", "Users linked to a connection.");
        _rooms = meter.CreateUpDownCounter<int>("krmx.rooms", "{room}", "Rooms that exist.");
        _framesReceived = meter.CreateCounter<long>("krmx.frames.received", "{frame}", "Frames received.");
        _bytesReceived = meter.CreateCounter<long>("krmx.bytes.received", "By", "Bytes of text received.");
        _framesSent = meter.CreateCounter<long>("krmx.frames.sent", "{frame}", "Frames sent, each connection's counted.");
        _bytesSent = meter.CreateCounter<long>("krmx.bytes.sent", "By", "Bytes of frames sent, each connection's counted.");
        _rejections = meter.CreateCounter<long>("krmx.rejections", "{rejection}", "Links and messages rejected, by kind.");
        _evictions = meter.CreateCounter<long>("krmx.evictions", "{connection}", "Connections the server ended, by reason.");
        _refusals = meter.CreateCounter<long>("krmx.refusals", "{connection}", "Connections refused before any room knew of them, by reason.");
        UserLinked = _ => _linkedUsers.Add(1);
        UserUnlinked = (_, _) => _linkedUsers.Add(-1);
        _turnDuration = meter.CreateHistogram<double>("krmx.turn.duration", "s", "How long a room's turns take.");
    }

    /// <summary>Listens to the links of a room; the same for all, since a room at rest should cost little.</summary>
    public Action<KrmxUser> UserLinked { get; }

    /// <summary>Listens to the unlinks of a room; the same for all.</summary>
    public Action<KrmxUser, UnlinkReason> UserUnlinked { get; }

    public void ConnectionOpened() => _connections.Add(1);

    public void ConnectionClosed(UnlinkReason reason)
    {
        _connections.Add(-1);
        if (reason != UnlinkReason.ConnectionClosed)
            _evictions.Add(1, new KeyValuePair<string, object?>("reason", reason.ToString()));
    }

    public void RoomOpened() => _rooms.Add(1);

    public void RoomClosed() => _rooms.Add(-1);

    public void FrameReceived(int bytes)
    {
        _framesReceived.Add(1);
        _bytesReceived.Add(bytes);
    }

    public void FramesSent(int count, long bytes)
    {
        _framesSent.Add(count);
        _bytesSent.Add(bytes);
    }

    public void Rejected(RejectionKind kind) => _rejections.Add(1, new KeyValuePair<string, object?>("kind", kind.ToString()));

    public void Refused(RefusalReason reason) => _refusals.Add(1, new KeyValuePair<string, object?>("reason", reason.ToString()));

    public void TurnEnded(TimeSpan duration) => _turnDuration.Record(duration.TotalSeconds);
}
