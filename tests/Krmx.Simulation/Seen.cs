using System.Text.Json;

namespace Krmx.Simulation;

/// <summary>What was seen of a connection.</summary>
internal sealed class Seen
{
    public string? User { get; set; }

    public string? Former { get; set; }

    public string? Attempt { get; set; }

    public bool IsClosed { get; set; }

    public bool HasPresence { get; private set; }

    public bool IsReady { get; private set; }

    /// <summary>How much its link says was received; null where it does not say.</summary>
    public int? Had { get; set; }

    /// <summary>The session that it is attached to.</summary>
    public SeenSession? Session { get; private set; }

    /// <summary>Whether its client has been sent all that its view follows from; not where it said that it had what it never had.</summary>
    public bool IsViewKnown { get; private set; } = true;

    /// <summary>How many users it was told that there are, and are linked; null where it was not, or that is not known.</summary>
    public (int Users, int Linked)? Count { get; set; }

    public Dictionary<string, bool> View { get; } = new(StringComparer.Ordinal);

    /// <summary>The metadata of those in the view who have any.</summary>
    public Dictionary<string, string> Meta { get; } = new(StringComparer.Ordinal);

    /// <summary>How many messages of the session it was sent, those included that came on earlier connections.</summary>
    private int Position { get; set; }

    /// <summary>Its link is made.</summary>
    public void Accept(bool hasPresence)
    {
        (User, Attempt) = (Attempt, null);
        (HasPresence, IsReady, IsViewKnown) = (hasPresence, false, true);
        View.Clear();
        Meta.Clear();
        Count = null;
        Detach();
    }

    /// <summary>Its link begins a session, or goes on with one.</summary>
    public void Attach(SeenSession session, bool isRecovered)
    {
        (Session, session.IsAttached) = (session, true);
        (Position, IsReady) = (isRecovered ? Had!.Value : 0, isRecovered);
        if (!isRecovered)
            return;
        IsViewKnown = session.TryShow(Position, this);
        View[User!] = true;
    }

    /// <summary>Its session goes on without it, if at all.</summary>
    public void Detach()
    {
        if (Session is not null)
            Session.IsAttached = false;
        Session = null;
    }

    /// <summary>It was sent all that a newcomer is.</summary>
    public void BeReady()
    {
        IsReady = true;
        Session?.Begin(View, Meta);
    }

    /// <summary>Counts a frame, if it counts; the n-th of a session is always the same.</summary>
    public string? CountFrame(string type, string text)
    {
        if (Session is null || !IsReady || text.EndsWith("\"volatile\":true}", StringComparison.Ordinal) || type is "krmx/accepted" or "krmx/rejected" or "krmx/ack" or "krmx/unlinked" or "krmx/ready" or "krmx/users")
            return null;
        return Session.IsSame(++Position, text) ? null : $"I17: the session's message {Position} was another one";
    }

    /// <summary>It is told how much of its session was handled, and how much it was sent.</summary>
    public string? TakeAck(JsonElement ack)
    {
        if (Session is null)
            return "I18: an ack to a connection without a session";
        if (ack.GetProperty("sent").GetInt32() != Position)
            return $"I18: an ack says that something else was sent than {Position}";
        return Session.TellReceived(ack.GetProperty("received").GetInt32());
    }

    /// <summary>Folds a list of users or changes into the view: what is known already is no news, and of oneself nothing is told that way.</summary>
    public string? FoldAll(JsonElement payload)
    {
        if (payload.TryGetProperty("users", out JsonElement users))
        {
            if (View.Count > 0)
                return "I6: users told twice";
            foreach (JsonElement user in users.EnumerateArray())
            {
                View.Add(user[0].GetString()!, user[1].GetBoolean());
                SetMeta(user[0].GetString()!, user);
            }
            return View.GetValueOrDefault(User!) ? null : "I6: a newcomer is not among the linked";
        }
        foreach (JsonElement change in payload.GetProperty("changes").EnumerateArray())
        {
            (string kind, string name) = (change[0].GetString()!, change[1].GetString()!);
            if (name == User && kind != "meta")
                continue;
            bool isKnown = View.TryGetValue(name, out bool isLinked);
            if (kind == "joined")
                View.TryAdd(name, false);
            else if (!isKnown || (kind == "unlinked" && !isLinked))
                return $"I6: {kind} of {name} does not fit the view";
            else if (kind == "meta")
                SetMeta(name, change);
            else if (kind == "left")
                Forget(name);
            else
                View[name] = kind == "linked";
        }
        return null;
    }

    private void SetMeta(string name, JsonElement entry)
    {
        if (entry.GetArrayLength() > 2)
            Meta[name] = entry[2].GetString()!;
        else
            Meta.Remove(name);
    }

    private void Forget(string name)
    {
        View.Remove(name);
        Meta.Remove(name);
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
        {
            (Former, User) = (User, null);
            Detach();
        }
        return fits ? null : $"I6: {type} of {username} does not fit the view";
    }
}
