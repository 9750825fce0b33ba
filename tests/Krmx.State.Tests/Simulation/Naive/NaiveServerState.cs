using System.Text.Json;

namespace Krmx.State.Tests.Simulation;

/// <summary>
/// What the three kinds of shared state have in common, as the protocol tells it: whoever links is sent all of it, whoever is linked, or is to come
/// back, is sent what changes, and nobody else is sent anything.
/// </summary>
/// <remarks>It trusts the server's own events, which other tests prove, and is told of each just before the real state is.</remarks>
internal abstract class NaiveServerState
{
    private readonly SortedDictionary<string, (Queue<Expected> Frames, bool HasSession)> _members = new(StringComparer.Ordinal);
    private readonly SimWorld _world;

    protected NaiveServerState(SimWorld world, string messageType, bool clearsWhenEmpty)
    {
        _world = world;
        world.Room.Room.OnMessage(messageType, (user, message) =>
        {
            if (!Catalogue.IsMeaningless(message.Payload))
                Handle(user.Name, JsonElement.Parse(message.Payload.Span));
        });
        world.Room.Room.OnUnlink((user, reason) =>
        {
            bool isExpectedBack = reason == UnlinkReason.ConnectionClosed && _members.TryGetValue(user.Name, out var member) && member.HasSession;
            if (!isExpectedBack)
                _members.Remove(user.Name);
        });
        world.Room.Room.OnSessionEnded((user, _) => _members.Remove(user.Name));
        world.Room.Room.OnLink((user, link) =>
        {
            if (!user.IsLinked || link.IsRecovered)
                return;
            _members.Add(user.Name, (world.Speaking!.Expected, world.Speaking.Client.Resumes));
            Welcome(user.Name);
        });
        world.Room.Room.OnLeave(_ =>
        {
            if (clearsWhenEmpty && world.Room.Room.Users.Count == 0)
                Clear();
        });
    }

    protected IEnumerable<string> Members => _members.Keys.Where(IsMember);

    protected bool IsMember(string user) => _members.ContainsKey(user) && _world.Room.Room.FindUser(user) is { IsReachable: true };

    protected void Send(string user, Expected frame) => _members[user].Frames.Enqueue(frame);

    protected abstract void Welcome(string user);

    protected abstract void Handle(string user, JsonElement payload);

    protected abstract void Clear();

    protected static string? IdOf(JsonElement payload) =>
        payload.TryGetProperty("optimisticId", out JsonElement id) ? id.GetString() : null;

    protected static JsonElement? PayloadOf(JsonElement action) =>
        action.TryGetProperty("payload", out JsonElement payload) ? payload : null;

    protected static string Text(string type, string members) => $"{{\"type\":\"{type}\",\"payload\":{{{members}}}}}";

    protected static string IdMember(string? id) => id is null ? "" : $",\"optimisticId\":\"{id}\"";
}
