using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Krmx.Cli.Connect;

/// <summary>What can be typed: messages, and commands that begin with a slash.</summary>
internal sealed class LineCommands(KrmxClient client, ConnectView view, string? auth)
{
    public const string Help = """
        TYPE            send a message without a payload
        TYPE JSON       send a message, such as: chat/message "hello"
        /users          show who is there
        /link NAME      link as NAME, after an unlink if there is a link
        /unlink         end the link; the user stays
        /leave          end the link and remove the user
        /quit           end, like the end of the input
        /help           show this
        """;

    /// <summary>Does what a line says; what cannot be done is shown.</summary>
    /// <returns>Whether to go on.</returns>
    public async Task<bool> DoAsync(string line, CancellationToken end)
    {
        string[] words = line.Trim().Split((char[]?)null, 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (words.Length == 0)
            return true;
        if (words is ["/quit"])
            return false;
        try
        {
            await (words[0].StartsWith('/') ? CommandAsync(words, end) : SendAsync(words, end));
        }
        catch (KrmxException error)
        {
            view.Complain(error.Message);
        }
        return true;
    }

    private async Task CommandAsync(string[] words, CancellationToken end)
    {
        switch (words)
        {
            case ["/users"]:
                ClientEvents.ShowUsers(client, view);
                break;
            case ["/link", string username]:
                if (client.Status == ClientStatus.Linked)
                    await client.UnlinkAsync(end);
                await client.LinkAsync(username, auth, end);
                break;
            case ["/unlink"]:
                await client.UnlinkAsync(end);
                break;
            case ["/leave"]:
                await client.LeaveAsync(end);
                break;
            case ["/help"]:
                foreach (string line in Help.Split('\n'))
                    view.Show("help", line, writer => writer.WriteString("text", line));
                break;
            default:
                view.Complain($"there is no command '{string.Join(' ', words)}'; /help lists them");
                break;
        }
    }

    /// <summary>A text as JSON, short enough for an example.</summary>
    private static string Quote(string text)
    {
        const int MostCharacters = 40;
        string part = text.Length <= MostCharacters ? text : text[..MostCharacters] + "…";
        return $"\"{JsonEncodedText.Encode(part, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";
    }

    private Task SendAsync(string[] words, CancellationToken end)
    {
        try
        {
            KrmxMessage message = words is [string type, string json]
                ? KrmxMessage.FromJson(type, Encoding.UTF8.GetBytes(json))
                : new KrmxMessage(words[0]);
            return client.SendAsync(message).WaitAsync(end); // while the connection is away it may take as long as that
        }
        catch (ArgumentException)
        {
            view.Complain($"what follows the type must be JSON, a text in quotes: {words[0]} {Quote(words[1])}");
            return Task.CompletedTask;
        }
    }
}
