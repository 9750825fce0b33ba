using System.Text.Json;

namespace Krmx.State;

/// <summary>Hands each message that carries shared state to whoever has its domain.</summary>
/// <param name="subscribe">Subscribes to the messages of one type.</param>
/// <param name="refuse">Reports a message that nobody can handle, by its source, type and what is wrong.</param>
internal sealed class DomainRouter<TSource>(
    Func<string, Action<TSource, KrmxMessage>, IDisposable> subscribe, Action<TSource, string, JsonException> refuse)
{
    /// <summary>Stands for the domain in messages that have none.</summary>
    public const string NoDomain = "";

    private readonly Dictionary<string, Dictionary<string, PayloadHandler<TSource>>> _handlers = new(StringComparer.Ordinal);

    /// <summary>Adds a handler.</summary>
    /// <returns>Removes it when disposed.</returns>
    public IDisposable Add(string type, string domain, PayloadHandler<TSource> handler)
    {
        if (!_handlers.TryGetValue(type, out Dictionary<string, PayloadHandler<TSource>>? domains))
        {
            _handlers.Add(type, domains = new(StringComparer.Ordinal));
            subscribe(type, (source, message) => Route(source, message, domains));
        }
        if (!domains.TryAdd(domain, handler))
            throw new KrmxException($"cannot attach{(domain == NoDomain ? "" : $" '{domain}'")}: there is one already for {type}");
        return new Removal(() => domains.Remove(domain));
    }

    private void Route(TSource source, in KrmxMessage message, Dictionary<string, PayloadHandler<TSource>> domains)
    {
        PayloadHandler<TSource>? handler;
        if (!StatePayload.TryRead(message.Payload, out StatePayload payload))
            refuse(source, message.Type, new JsonException($"The payload of '{message.Type}' has not the shape of the protocol."));
        else if (domains.TryGetValue(NoDomain, out handler) || domains.TryGetValue(payload.Domain ?? NoDomain, out handler))
            handler(source, payload);
        else
            refuse(source, message.Type, new JsonException($"There is no domain '{payload.Domain}' for '{message.Type}'."));
    }

    private sealed class Removal(Action remove) : IDisposable
    {
        public void Dispose() => remove();
    }
}
