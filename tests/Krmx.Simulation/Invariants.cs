using System.Text.Json;

namespace Krmx.Simulation;

/// <summary>What must hold of any history, judged by what was seen alone: no knowledge of the model goes in.</summary>
/// <param name="maxUsers">How many users there may be.</param>
public sealed class Invariants(int maxUsers)
{
    private readonly Dictionary<long, Seen> _connections = [];
    private readonly Dictionary<string, char> _lives = [];
    private readonly HashSet<string> _seats = [];

    /// <summary>The users whom nobody was ever linked to.</summary>
    public IReadOnlyCollection<string> Seats => _seats;

    /// <summary>The highest attempt seen.</summary>
    public long LastAttempt { get; private set; }

    public void Lost(long connection) => _connections.Remove(connection);

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

    private static string? CheckAtLinked(Seen seen, KrmxRoomCore server)
    {
        if (seen.View.Count != server.Users.Count)
            return "I6: a view has other users than the server";
        foreach (KrmxUser user in server.Users)
        {
            if (!seen.View.TryGetValue(user.Name, out bool isLinked) || isLinked != user.IsLinked)
                return $"I6: a view is wrong about {user}";
        }
        return null;
    }

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
        return null;
    }

    private string? Close(long connection)
    {
        _connections.Remove(connection);
        _connections.Add(connection, new Seen { IsClosed = true });
        return null;
    }

    private static string? CheckFrame(Seen seen, Effect effect)
    {
        if (seen.IsClosed)
            return "I2: a frame to a connection that is closed";
        using JsonDocument frame = JsonDocument.Parse(effect.Text);
        string type = frame.RootElement.GetProperty("type").GetString()!;
        switch (type)
        {
            case "krmx/accepted":
                if (seen.Attempt is null)
                    return "I7: accepted without an attempt";
                (seen.User, seen.Attempt) = (seen.Attempt, null);
                seen.View.Clear();
                (seen.HasPresence, seen.IsReady) = (frame.RootElement.TryGetProperty("payload", out _), false);
                return null;
            case "krmx/users" or "krmx/changes" when seen is { User: not null, HasPresence: true }:
                return seen.FoldAll(frame.RootElement.GetProperty("payload"));
            case "krmx/ready" when seen is { User: not null, HasPresence: true, IsReady: false }:
                seen.IsReady = true;
                return null;
            case "krmx/rejected":
                if (seen.User is not null)
                    return "I7: rejected while linked";
                seen.Attempt = null; // which it answers, unless a message was rejected; those wait while an attempt is pending
                return null;
            case "told" or "all":
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
            ('u', "leave") => '-',
            _ => null,
        };
        if (after is null)
            return $"I3: {parts[0]} does not follow in the life of {parts[1]}";
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
            if ((isAllTold || !seen.HasPresence) && CheckAtLinked(seen, server) is string problem)
                return problem;
        }
        return linked == server.LinkedCount && linked == server.Users.Count(user => user.IsLinked)
            ? null
            : $"I1: {linked} connections think they are linked, the server counts {server.LinkedCount}";
    }

    private sealed class Seen
    {
        public string? User { get; set; }

        public string? Former { get; set; }

        public string? Attempt { get; set; }

        public bool IsClosed { get; set; }

        public bool HasPresence { get; set; }

        public bool IsReady { get; set; }

        public Dictionary<string, bool> View { get; } = new(StringComparer.Ordinal);

        /// <summary>Folds a list of users or changes into the view: what is known already is no news, and of oneself nothing is told that way.</summary>
        public string? FoldAll(JsonElement payload)
        {
            if (payload.TryGetProperty("users", out JsonElement users))
            {
                if (View.Count > 0)
                    return "I6: users told twice";
                foreach (JsonElement user in users.EnumerateArray())
                    View.Add(user[0].GetString()!, user[1].GetBoolean());
                return View.GetValueOrDefault(User!) ? null : "I6: a newcomer is not among the linked";
            }
            foreach (JsonElement change in payload.GetProperty("changes").EnumerateArray())
            {
                (string kind, string name) = (change[0].GetString()!, change[1].GetString()!);
                if (name == User)
                    continue;
                bool isKnown = View.TryGetValue(name, out bool isLinked);
                if (kind == "joined")
                    View.TryAdd(name, false);
                else if (!isKnown || (kind == "unlinked" && !isLinked))
                    return $"I6: {kind} of {name} does not fit the view";
                else if (kind == "left")
                    View.Remove(name);
                else
                    View[name] = kind == "linked";
            }
            return null;
        }

        /// <summary>Folds a presence frame into the view; one that does not fit is a violation.</summary>
        public string? Fold(string type, string username)
        {
            if (User is null)
                return type == "krmx/left" && username == Former ? null : "I6: presence told to a connection without a user";
            bool fits = type switch
            {
                "krmx/joined" => View.TryAdd(username, false),
                "krmx/linked" => View.TryGetValue(username, out bool was) && !was && (View[username] = true),
                "krmx/unlinked" => View.TryGetValue(username, out bool was) && was && !(View[username] = false),
                "krmx/left" => View.Remove(username),
                _ => false,
            };
            if (type == "krmx/unlinked" && username == User)
                (Former, User) = (User, null);
            return fits ? null : $"I6: {type} of {username} does not fit the view";
        }
    }
}
