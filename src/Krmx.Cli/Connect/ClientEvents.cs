using System.Text;
using System.Text.Json;

namespace Krmx.Cli.Connect;

/// <summary>Shows what a client is told.</summary>
internal static class ClientEvents
{
    public static void Attach(KrmxClient client, ConnectView view)
    {
        client.OnConnect(() => view.Show("connected", "connected"));
        client.OnAccept(() => view.Show("accepted", "accepted"));
        client.OnReject(reason => view.Show("rejected", $"rejected: {reason}", writer => writer.WriteString("reason", reason)));
        client.OnJoin(name => view.ShowUser("joined", $"{Name(client, name)} joined", name));
        client.OnLink(name => view.ShowUser("linked", $"{Name(client, name)} linked", name));
        client.OnUnlink(name => view.ShowUser("unlinked", $"{Name(client, name)} unlinked", name));
        client.OnLeave(name => view.ShowUser("left", $"{Name(client, name)} left", name));
        client.OnUserMeta((name, meta) => view.Show("meta", $"{Name(client, name)}: {(meta is null ? "no metadata" : OneLine(meta.Json))}", writer =>
        {
            writer.WriteString("username", name);
            WriteJson(writer, "meta", meta?.Json ?? "null"u8.ToArray());
        }));
        client.OnUserCount(count => view.Show("count", $"{count.Users} users, {count.Linked} of them linked", writer =>
        {
            writer.WriteNumber("users", count.Users);
            writer.WriteNumber("linked", count.Linked);
        }));
        client.OnRecover(() => view.Show("recovered", "recovered: the link goes on where it left off"));
        client.OnGap(gap => view.Show("gap", Describe(gap), writer => writer.WriteNumber("unconfirmed", gap.Unconfirmed.Count)));
        client.OnMessage(message => view.ShowMessage(Describe(message), writer =>
        {
            writer.WriteString("type", message.Type);
            if (message.HasPayload)
                WriteJson(writer, "payload", message.Payload);
        }));
        client.OnStatus(status =>
        {
            if (status == ClientStatus.Reconnecting)
            {
                string reason = $"{client.LastClose}";
                view.Show("reconnecting", $"{reason}; reconnecting", writer => writer.WriteString("reason", reason));
            }
        });
    }

    /// <summary>Shows all users, and whether they are linked.</summary>
    public static void ShowUsers(KrmxClient client, ConnectView view)
    {
        IReadOnlyList<ClientUser> users = client.Users;
        IEnumerable<string> names = users.Select(user => Name(client, user.Name) + (user.IsLinked ? "" : " (unlinked)"));
        view.Show("users", users.Count == 0 ? "users: nobody" : $"users: {string.Join(", ", names)}", writer =>
        {
            writer.WriteStartArray("users");
            foreach (ClientUser user in users)
            {
                writer.WriteStartObject();
                writer.WriteString("username", user.Name);
                writer.WriteBoolean("isLinked", user.IsLinked);
                if (user.Meta is KrmxMeta meta)
                    WriteJson(writer, "meta", meta.Json);
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
        });
    }

    private static string Name(KrmxClient client, string username) => username == client.Username ? $"{username} (you)" : username;

    private static string Describe(KrmxGap gap)
    {
        string own = gap.Unconfirmed.Count == 0 ? "" : $", and of {gap.Unconfirmed.Count} you sent it is not known whether they arrived";
        return $"gap: the link could not go on where it left off; messages may be missed{own}";
    }

    private static string Describe(KrmxMessage message) =>
        message.HasPayload ? $"{message.Type} {OneLine(message.Payload)}" : message.Type;

    private static void WriteJson(Utf8JsonWriter writer, string member, ReadOnlyMemory<byte> json)
    {
        writer.WritePropertyName(member);
        writer.WriteRawValue(OneLine(json), skipInputValidation: true);
    }

    /// <summary>JSON on one line: its line breaks stand between its tokens only.</summary>
    private static string OneLine(ReadOnlyMemory<byte> json) => Encoding.UTF8.GetString(json.Span).Replace('\n', ' ').Replace('\r', ' ');
}
