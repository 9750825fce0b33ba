using System.CommandLine;

namespace Krmx.Cli.Commands;

/// <summary>The argument that says where a server is.</summary>
internal static class ServerAddress
{
    public static Argument<Uri> Create() => new("URL")
    {
        Description = "Where the server is: ws://HOST:PORT/PATH, or wss:// for TLS.",
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) && uri.Scheme is "ws" or "wss")
                return uri;
            result.AddError($"'{text}' is no address of a server; give one such as ws://localhost:8082/");
            return null;
        },
    };
}
