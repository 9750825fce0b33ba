using System.Text.Json;

namespace Krmx.Simulation;

/// <summary>What must hold of any history, judged by what was seen alone: no knowledge of the model goes in.</summary>
/// <param name="maxUsers">How many users there may be.</param>
/// <param name="isCounted">Whether users are told how many there are, and not who.</param>
public sealed class Invariants(int maxUsers, bool isCounted)
{
    private readonly Dictionary<long, Seen> _connections = [];
    private readonly Dictionary<string, char> _lives = [];
    private readonly HashSet<string> _seats = [];
    private readonly SeenSessions _sessions = new();

    /// <summary>The users whom nobody was ever linked to.</summary>
    public IReadOnlyCollection<string> Seats => _seats;

    /// <summary>The highest attempt seen.</summary>
    public long LastAttempt { get; private set; }

    public void Lost(long connection)
    {
        if (_connections.Remove(connection, out Seen? seen))
            seen.Detach();
    }

    /// <summary>Checks what one step did.</summary>
    public string? Check(IReadOnlyList<Effect> effects, IReadOnlyList<string> secondListener, KrmxRoomCore server, bool isAllTold)
    {
        int events = 0;
        foreach (Effect effect in effects)
        {
            string? problem = effect.Kind switch
            {
                EffectKind.Frame => CheckFrame(Of(effect.Connection), effect),
                EffectKind.AuthStart => StartAttempt(Of(effect.Connection), effect.Text),
                EffectKind.Close => Close(effect.Connection),
                EffectKind.Challenge => Of(effect.Connection).User is null ? "I14: a connection without a user is challenged" : null,
                EffectKind.Event => CheckEvent(effect.Text, secondListener, events++),
                _ => null,
            };
            if (problem is not null)
                return $"{problem} at {effect}";
        }
        return events == secondListener.Count ? CheckAtRest(server, isAllTold) : "I3: the listeners saw different histories";
    }

    private string? CheckAtLinked(Seen seen, KrmxRoomCore server)
    {
        if (isCounted)
        {
            if (seen.View.Count != 1 || !seen.View[seen.User!])
                return "I6: a view has somebody else in it";
            if (seen.HasPresence && !KnowsMeta(seen, server.FindUser(seen.User!)!))
                return $"I6: {seen.User} was told of other metadata than it has";
            return seen.Count is null || seen.Count == (server.Users.Count, server.LinkedCount)
                ? null
                : $"I6: {seen.User} was told of {seen.Count}, there are {server.Users.Count} and {server.LinkedCount} are linked";
        }
        if (seen.View.Count != server.Users.Count)
            return "I6: a view has other users than the server";
        foreach (KrmxUser user in server.Users)
        {
            if (!seen.View.TryGetValue(user.Name, out bool isLinked) || isLinked != user.IsLinked)
                return $"I6: a view is wrong about {user}";
            if (seen.HasPresence && !KnowsMeta(seen, user))
                return $"I6: a view is wrong about the metadata of {user}";
        }
        return null;
    }

    private static bool KnowsMeta(Seen seen, KrmxUser user) => seen.Meta.GetValueOrDefault(user.Name) == user.Meta?.Deserialize<string>();

    private Seen Of(long connection)
    {
        if (!_connections.TryGetValue(connection, out Seen? seen))
            _connections.Add(connection, seen = new Seen());
        return seen;
    }

    private string? StartAttempt(Seen seen, string text)
    {
        if (seen.Attempt is not null)
            return "I10: two authentications are pending for one connection";
        string[] parts = text.Split(' ');
        LastAttempt = Math.Max(LastAttempt, long.Parse(parts[0], null));
        seen.Attempt = parts[1];
        seen.Had = parts[2].Split('/') is [_, string had] ? int.Parse(had, null) : null;
        return null;
    }

    private string? Close(long connection)
    {
        Lost(connection);
        _connections.Add(connection, new Seen { IsClosed = true });
        return null;
    }

    private string? CheckFrame(Seen seen, Effect effect)
    {
        if (seen.IsClosed)
            return "I2: a frame to a connection that is closed";
        using JsonDocument frame = JsonDocument.Parse(effect.Text);
        string type = frame.RootElement.GetProperty("type").GetString()!;
        if (seen.CountFrame(type, effect.Text) is string problem)
            return problem;
        switch (type)
        {
            case "krmx/accepted":
                if (seen.Attempt is null)
                    return "I7: accepted without an attempt";
                seen.Accept(hasPresence: frame.RootElement.TryGetProperty("payload", out JsonElement granted));
                return seen.HasPresence ? _sessions.Accept(seen, granted) : null;
            case "krmx/users" when seen is { User: not null, HasPresence: true, IsReady: false }:
            case "krmx/changes" when seen is { User: not null, HasPresence: true }:
                return seen.IsViewKnown ? seen.FoldAll(frame.RootElement.GetProperty("payload")) : null;
            case "krmx/ready" when seen is { User: not null, HasPresence: true, IsReady: false }:
                seen.BeReady();
                return null;
            case "krmx/count" when isCounted && seen is { User: not null, HasPresence: true }:
                JsonElement count = frame.RootElement.GetProperty("payload");
                seen.Count = (count.GetProperty("users").GetInt32(), count.GetProperty("linked").GetInt32());
                return null;
            case "krmx/users" or "krmx/changes" or "krmx/count" or "krmx/ready":
                return "I16: told how things are when that is known";
            case "krmx/ack":
                return seen.TakeAck(frame.RootElement.GetProperty("payload"));
            case "krmx/rejected":
                if (seen.User is not null)
                    return "I7: rejected while linked";
                seen.Attempt = null; // which it answers, unless a message was rejected; those wait while an attempt is pending
                return null;
            case "told" or "some" or "all":
                return seen.User is null ? "I5: a message to a connection without a user" : null;
            default:
                return seen.Fold(type, frame.RootElement.GetProperty("payload").GetProperty("username").GetString()!);
        }
    }

    private string? CheckEvent(string text, IReadOnlyList<string> secondListener, int index)
    {
        if (index >= secondListener.Count || secondListener[index] != text)
            return "I3: the listeners saw different histories";
        string[] parts = text.Split(' ');
        if (parts[0] is "close" or "alarm")
            return null;
        char before = _lives.GetValueOrDefault(parts[1], '-');
        char? after = (before, parts[0]) switch
        {
            ('-', "join") => 'u',
            ('u', "link") => 'l',
            ('l', "message") => 'l',
            ('l', "unlink") => 'u',
            ('u', "session") => 'u',
            ('u', "leave") => '-',
            _ => null,
        };
        if (after is null)
            return $"I3: {parts[0]} does not follow in the life of {parts[1]}";
        if (parts[0] == "session")
            _sessions.End(parts[1]);
        _lives[parts[1]] = after.Value;
        if (parts[0] == "join")
            _seats.Add(parts[1]);
        else
            _seats.Remove(parts[1]);
        return null;
    }

    private string? CheckAtRest(KrmxRoomCore server, bool isAllTold)
    {
        if (server.Users.Count > maxUsers)
            return $"I12: there are {server.Users.Count} users";
        int linked = 0;
        foreach (Seen seen in _connections.Values)
        {
            if (seen.User is null)
                continue;
            linked++;
            if ((isAllTold || !seen.HasPresence) && seen.IsViewKnown && CheckAtLinked(seen, server) is string problem)
                return problem;
        }
        if (_sessions.Check(isClosed: server.Status == RoomStatus.Closed) is string wrong)
            return wrong;
        return linked == server.LinkedCount && linked == server.Users.Count(user => user.IsLinked)
            ? null
            : $"I1: {linked} connections think they are linked, the server counts {server.LinkedCount}";
    }
}
