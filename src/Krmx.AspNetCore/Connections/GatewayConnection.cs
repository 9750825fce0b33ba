using System.Net.WebSockets;
using Krmx.Hosting;
using Krmx.Limits;
using Krmx.Protocol;
using Krmx.Rooms;

namespace Krmx.Connections;

/// <summary>The life of one client's WebSocket: it opens, is read into the room's turns and written to by them, and ends once, for one reason.</summary>
/// <remarks>
/// Reading, writing and the watch are three threads' work, and a class each: <see cref="ConnectionReader"/> belongs to the reading,
/// <see cref="ConnectionOutput"/> to the room's turn, <see cref="ConnectionLiveness"/> to the endpoint's heartbeat. Here is what any of them may do.
/// </remarks>
internal sealed class GatewayConnection : IFrameSource
{
    private const int NotEnding = -1;

    private readonly WebSocket _socket;
    private readonly ConnectionStream _stream;
    private readonly ConnectionRequest _request;
    private readonly RoomConnections _room;
    private readonly TimeProvider _time;
    private readonly TimeSpan _closeTimeout;
    private readonly ConnectionReader _reader;
    private readonly ConnectionLiveness _liveness;
    private int _endReason = NotEnding;
    private bool _isChallenged;
    private bool _isReported;

    public GatewayConnection(
        ConnectionId id,
        RoomConnections room,
        Admission admission,
        ConnectionRequest request,
        WebSocket socket,
        ConnectionStream stream,
        KrmxOptions options,
        EndpointEnvironment environment)
    {
        Id = id;
        Admission = admission;
        _room = room;
        _request = request;
        _socket = socket;
        _stream = stream;
        _time = environment.Rooms.Time;
        _closeTimeout = options.Rooms.CloseTimeout;
        _reader = new ConnectionReader(socket, stream, options.Messages, environment.Metrics, _time);
        _liveness = new ConnectionLiveness(stream, options, _time);
        stream.Overflowed = () => Abort(UnlinkReason.TooSlow);
        stream.ReadExtraFrames = TryCountExtraFrames;
        stream.ReadPart = ReportPart;
        Output = new ConnectionOutput(stream.Output, stream.Overflowed);
    }

    public ConnectionId Id { get; }

    /// <summary>Its place in the endpoint's counts; belongs to the room's turns.</summary>
    public Admission Admission { get; }

    /// <summary>What the room's turn writes to.</summary>
    public ConnectionOutput Output { get; }

    /// <summary>Serves the connection until it ends.</summary>
    /// <param name="facts">What its room may want to know of it.</param>
    public async Task RunAsync(KrmxConnectionInfo facts)
    {
        _room.Opened(this, facts);
        try
        {
            try
            {
                while (await _reader.ReceiveAsync().ConfigureAwait(false) is InboundFrame frame)
                {
                    await _reader.WaitForRoomAsync(_request.Aborted).ConfigureAwait(false);
                    _room.Received(this, frame);
                }
                await AnswerCloseAsync().ConfigureAwait(false);
            }
            finally
            {
                if (_reader.Excess is ReadingExcess excess)
                {
                    CloseFor(excess);
                    await _stream.SkipToCloseAsync().ConfigureAwait(false);
                }
            }
        }
        catch (Exception error) when (error.IsLoss())
        {
            // The connection was lost, or broke the WebSocket protocol: either way it is over, and only for itself.
        }
        finally
        {
            _stream.Output.End();
            ReportClosed();
        }
        await DrainAsync().ConfigureAwait(false);
    }

    /// <summary>The room has handled a frame.</summary>
    public void FrameHandled() => _reader.FrameHandled();

    /// <summary>Pings the peer, unless the pong of a challenge is awaited already; the room is told of what it does not see come from the peer.</summary>
    public void Challenge()
    {
        if (!Interlocked.Exchange(ref _isChallenged, true))
            Output.Ping();
    }

    /// <summary>Closes after what was sent; the peer has the close timeout to answer.</summary>
    public void Close(CloseCode code, string description)
    {
        if (code is CloseCode.PolicyViolation or CloseCode.MessageTooBig)
            SetEndReason(UnlinkReason.ProtocolViolation);
        _liveness.CloseBegan();
        _ = CloseOutputAsync((WebSocketCloseStatus)code, description);
    }

    /// <summary>Ends the connection at once.</summary>
    public void Abort(UnlinkReason reason)
    {
        SetEndReason(reason);
        _stream.Output.End();
        _request.Abort();
    }

    /// <summary>Pings a silent connection, ends one that stays silent or does not finish closing (protocol section 7); for the heartbeat.</summary>
    /// <inheritdoc cref="ConnectionLiveness.Check"/>
    public void CheckLiveness(int patience)
    {
        if (_liveness.Check(patience) is UnlinkReason reason)
            Abort(reason);
    }

    /// <summary>The first reason counts.</summary>
    private void SetEndReason(UnlinkReason reason) => Interlocked.CompareExchange(ref _endReason, (int)reason, NotEnding);

    private bool TryCountExtraFrames(int count)
    {
        if (Interlocked.Exchange(ref _isChallenged, false))
        {
            _room.Answered(this);
            count--; // others may have it pinged, and what they make it send is not counted against it
        }
        if (_reader.TryCountExtraFrames(count))
            return true;
        CloseFor(_reader.Excess!);
        return false;
    }

    /// <summary>A long message on a slow line is life, too; the pong comes behind it.</summary>
    private void ReportPart()
    {
        if (Volatile.Read(ref _isChallenged))
            _room.Answered(this);
    }

    /// <summary>Closes, and tells the room at once, whatever the peer still sends.</summary>
    private void CloseFor(ReadingExcess excess)
    {
        if (_isReported)
            return;
        SetEndReason(excess.Reason);
        Close(excess.Code, excess.Description);
        ReportClosed();
    }

    private void ReportClosed()
    {
        if (_isReported)
            return;
        _isReported = true;
        SetEndReason(UnlinkReason.ConnectionClosed);
        _room.Closed(this, (UnlinkReason)_endReason);
    }

    private async Task AnswerCloseAsync()
    {
        if (_socket.State == WebSocketState.CloseReceived)
            await CloseOutputAsync(_socket.CloseStatus ?? WebSocketCloseStatus.NormalClosure, null).ConfigureAwait(false);
    }

    private async Task CloseOutputAsync(WebSocketCloseStatus status, string? description)
    {
        try
        {
            await _socket.CloseOutputAsync(status, description, default).ConfigureAwait(false);
        }
        catch (Exception error) when (error.IsLoss())
        {
            // It was closed or lost meanwhile.
        }
    }

    /// <summary>Lets the last frames go out, for as long as a close may take; ending the request ends the socket.</summary>
    private async Task DrainAsync()
    {
        Task drained = _stream.Output.DrainAsync();
        try
        {
            await drained.WaitAsync(_closeTimeout, _time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            _request.Abort();
            await drained.ConfigureAwait(false);
        }
        _socket.Dispose();
    }
}
