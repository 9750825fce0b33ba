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

    private readonly Dictionary<string, Dictionary<string, Entry>> _entries = new(StringComparer.Ordinal);

    /// <summary>Adds a handler.</summary>
    /// <param name="type">The type of the messages.</param>
    /// <param name="domain">Their domain.</param>
    /// <param name="handler">Handles them.</param>
    /// <param name="unreadable">Told of a message whose payload cannot be read, so that it may have been of any domain.</param>
    /// <returns>Removes it when disposed.</returns>
    public IDisposable Add(string type, string domain, PayloadHandler<TSource> handler, Action? unreadable = null)
    {
        if (!_entries.TryGetValue(type, out Dictionary<string, Entry>? domains))
        {
            _entries.Add(type, domains = new(StringComparer.Ordinal));
            subscribe(type, (source, message) => Route(source, message, domains));
        }
        if (!domains.TryAdd(domain, new Entry(handler, unreadable)))
            throw new KrmxException($"cannot attach{(domain == NoDomain ? "" : $" '{domain}'")}: there is one already for {type}");
        return new Removal(() => domains.Remove(domain));
    }

    private void Route(TSource source, in KrmxMessage message, Dictionary<string, Entry> domains)
    {
        Entry? entry;
        if (!StatePayload.TryRead(message.Payload, out StatePayload payload))
            RefuseUnreadable(source, message.Type, domains);
        else if (domains.TryGetValue(NoDomain, out entry) || domains.TryGetValue(payload.Domain ?? NoDomain, out entry))
            entry.Handler(source, payload);
        else
            refuse(source, message.Type, new JsonException($"There is no domain '{payload.Domain}' for '{message.Type}'."));
    }

    private void RefuseUnreadable(TSource source, string type, Dictionary<string, Entry> domains)
    {
        refuse(source, type, new JsonException($"The payload of '{type}' has not the shape of the protocol."));
        foreach (Entry entry in domains.Values.ToArray())
            entry.Unreadable?.Invoke();
    }

    private sealed record Entry(PayloadHandler<TSource> Handler, Action? Unreadable);

    private sealed class Removal(Action remove) : IDisposable
    {
        public void Dispose() => remove();
    }
}
