using System.Globalization;
using System.Text.Json;
using Krmx.Protocol;

namespace Krmx.Client;

/// <summary>What a client has asked for and the server has not answered.</summary>
internal sealed class PendingRequests
{
    private readonly Dictionary<string, PendingRequest> _pending = new(StringComparer.Ordinal);
    private readonly KrmxClientCore _client;
    private string? _askedAs;
    private long _lastNumber;

    public PendingRequests(KrmxClientCore client)
    {
        _client = client;
        client.OnMessage(RequestMessageTypes.Answer, message => Handle(message, (pending, payload) =>
            new RequestResult(RequestStatus.Answered, answer: new KrmxMessage(pending.Request.Type, payload.Payload))));
        client.OnMessage(RequestMessageTypes.Refuse, message => Handle(message, (_, payload) =>
            new RequestResult(RequestStatus.Refused, payload.Reason ?? "the server gave no reason")));
        client.OnUnlink(username =>
        {
            if (username == _askedAs)
                EndAll();
        });
    }

    /// <summary>Sends a request, or tells at once why it is not sent.</summary>
    public void Send(PendingRequest request)
    {
        if (request.IsOver)
            return;
        if (!_client.CanSend)
            request.Complete(new RequestResult(RequestStatus.NotLinked));
        else if (_client.IsCongested)
            request.Complete(new RequestResult(RequestStatus.QueueFull));
        else
            Ask(request);
    }

    private void Ask(PendingRequest request)
    {
        request.Number = ++_lastNumber;
        string id = request.Number.ToString(CultureInfo.InvariantCulture);
        _askedAs = _client.Username;
        _pending.Add(id, request);
        request.Forgotten = () => _pending.Remove(id);
        request.Timer = _client.StartTimer(request.Timeout, () =>
        {
            if (_pending.Remove(id))
                request.Complete(new RequestResult(RequestStatus.Expired));
        });
        _client.SendFrame(RequestFrames.Ask(id, request.Request));
    }

    private void Handle(in KrmxMessage message, Func<PendingRequest, RequestPayload, RequestResult> result)
    {
        if (!RequestPayload.TryRead(message.Payload, out RequestPayload payload))
            _client.ReportRefused(message.Type, new JsonException($"The payload of '{message.Type}' has not the shape of the protocol."));
        else if (_pending.Remove(payload.Id, out PendingRequest? answered))
            answered.Complete(result(answered, payload));
    }

    /// <summary>Ends all, as nobody knows what became of them: what is sent on one link is answered on that one or never.</summary>
    private void EndAll()
    {
        PendingRequest[] ended = [.. _pending.Values.OrderBy(static pending => pending.Number)];
        _pending.Clear();
        foreach (PendingRequest pending in ended)
            pending.Complete(new RequestResult(RequestStatus.Unlinked));
    }
}
