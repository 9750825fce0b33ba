using System.Text.Json;
using Krmx.Protocol;

namespace Krmx.Rooms;

/// <summary>What handles the requests of a room's users, by their type.</summary>
internal sealed class RequestHandlers
{
    private readonly Dictionary<string, Action<KrmxMessage, RoomAsker>> _handlers = new(StringComparer.Ordinal);
    private readonly KrmxRoomCore _room;

    public RequestHandlers(KrmxRoomCore room)
    {
        _room = room;
        room.OnMessage(RequestMessageTypes.Ask, Handle);
    }

    /// <summary>Adds a handler.</summary>
    /// <returns>Removes it when disposed.</returns>
    /// <exception cref="KrmxException">There is one for the type.</exception>
    public IDisposable Add(string type, Action<KrmxMessage, RoomAsker> handler)
    {
        ArgumentNullException.ThrowIfNull(type);
        return _handlers.TryAdd(type, handler)
            ? new Removal(this, type, handler)
            : throw new KrmxException($"cannot handle requests of type '{type}': there is a handler for it already");
    }

    private void Handle(KrmxUser user, KrmxMessage message)
    {
        if (!RequestPayload.TryRead(message.Payload, out RequestPayload asked) || asked.Type is not string type)
        {
            _room.ReportRefused(user.Name, RequestMessageTypes.Ask, new JsonException("It is no request, which has an id of up to 128 characters and a type."));
            return;
        }
        var asker = new RoomAsker(_room, user, asked.Id, type);
        _room.Asked(asker);
        if (!_handlers.TryGetValue(type, out Action<KrmxMessage, RoomAsker>? handler))
        {
            asker.Refuse("there is no such type of request", new JsonException($"Nobody handles requests of type '{type}'."));
            return;
        }
        try
        {
            handler(new KrmxMessage(type, asked.Payload), asker);
        }
        catch (Exception error)
        {
            asker.Fail(error);
        }
    }

    private sealed class Removal(RequestHandlers handlers, string type, Action<KrmxMessage, RoomAsker> handler) : IDisposable
    {
        public void Dispose()
        {
            handlers._room.VerifyUse();
            if (handlers._handlers.TryGetValue(type, out Action<KrmxMessage, RoomAsker>? current) && current == handler)
                handlers._handlers.Remove(type);
        }
    }
}
