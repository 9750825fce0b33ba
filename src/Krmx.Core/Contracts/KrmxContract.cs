using System.Text.Json.Serialization.Metadata;

namespace Krmx.Contracts;

/// <summary>What a room listens to, sends and shares, as far as it is typed: what the clients of other languages are made from.</summary>
/// <remarks>Filled while the room is set up; belongs to the room's turns, as the room does.</remarks>
public sealed class KrmxContract
{
    private readonly List<ContractMessage> _received = [];
    private readonly List<ContractMessage> _sent = [];
    private readonly List<ContractRequest> _requests = [];
    private readonly List<ContractProjection> _projections = [];
    private readonly List<ContractStream> _streams = [];

    internal KrmxContract()
    {
    }

    /// <summary>The messages that the room listens to with their payload read; a type that is read as two has two entries.</summary>
    public IReadOnlyList<ContractMessage> Received => _received;

    /// <summary>The messages that the room has said it sends.</summary>
    public IReadOnlyList<ContractMessage> Sent => _sent;

    /// <summary>The requests that it answers.</summary>
    public IReadOnlyList<ContractRequest> Requests => _requests;

    /// <summary>The projections that it shares.</summary>
    public IReadOnlyList<ContractProjection> Projections => _projections;

    /// <summary>The streams that it shares.</summary>
    public IReadOnlyList<ContractStream> Streams => _streams;

    /// <summary>Whether it shares atoms.</summary>
    public bool HasAtoms { get; internal set; }

    internal void Receives(string type, JsonTypeInfo payload) => Add(_received, type, payload);

    internal void Sends(string type, JsonTypeInfo payload) => Add(_sent, type, payload);

    internal void Answers(string type, JsonTypeInfo? payload, JsonTypeInfo answer)
    {
        _requests.RemoveAll(known => known.Type == type); // an earlier handler has gone
        _requests.Add(new ContractRequest(type, payload, answer));
    }

    internal void Shares(ContractProjection projection)
    {
        _projections.RemoveAll(known => known.Domain == projection.Domain);
        _projections.Add(projection);
    }

    internal void Shares(ContractStream stream)
    {
        _streams.RemoveAll(known => known.Domain == stream.Domain);
        _streams.Add(stream);
    }

    /// <summary>Demands that the room has said that it sends a message.</summary>
    internal void DemandSent(string type, Type payload)
    {
        foreach (ContractMessage message in _sent)
        {
            if (message.Type == type && message.Payload!.Type == payload)
                return;
        }
        throw new KrmxException(
            $"cannot send '{type}': the room has not said that it does; add Sends<{payload.Name}>() where it is set up, so that its contract is whole");
    }

    private static void Add(List<ContractMessage> messages, string type, JsonTypeInfo payload)
    {
        if (!messages.Exists(known => known.Type == type && known.Payload!.Type == payload.Type))
            messages.Add(new ContractMessage(type, payload));
    }
}
