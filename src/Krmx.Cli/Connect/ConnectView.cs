using System.Text;
using System.Text.Json;
using Krmx.Cli.Terminal;

namespace Krmx.Cli.Connect;

/// <summary>Shows what happens to a user at a server: a line for people, or a line of JSON, for each thing that happens.</summary>
internal sealed class ConnectView(TextWriter output, TextWriter errors, bool isJson)
{
    private readonly Lock _writing = new();

    /// <summary>Shows an event.</summary>
    /// <param name="name">What JSON calls it.</param>
    /// <param name="text">What people are told.</param>
    /// <param name="members">What JSON has beside the name.</param>
    public void Show(string name, string text, Action<Utf8JsonWriter>? members = null)
    {
        string line = isJson ? Json(name, members) : Printable.Of(text);
        lock (_writing)
            output.WriteLine(line);
    }

    /// <summary>Shows an event that is about a user.</summary>
    public void ShowUser(string name, string text, string username) =>
        Show(name, text, writer => writer.WriteString("username", username));

    /// <summary>Says that something could not be done.</summary>
    public void Complain(string what)
    {
        string line = isJson ? Json("error", writer => writer.WriteString("message", what)) : $"krmx: {Printable.Of(what)}";
        lock (_writing)
            (isJson ? output : errors).WriteLine(line);
    }

    private static string Json(string name, Action<Utf8JsonWriter>? members)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("event", name);
            members?.Invoke(writer);
            writer.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}
