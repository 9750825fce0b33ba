using System.CommandLine;
using System.Text.Json;
using Krmx.Cli.Terminal;

namespace Krmx.Cli.Commands;

/// <summary>What a server's rooms listen to, send and share.</summary>
internal sealed class ContractCommand : CommandWithExamples
{
    private const string DefaultPath = "/krmx/asyncapi.json";

    private readonly Argument<Uri> _uri = new("URL")
    {
        Description = $"Where the server is: http://HOST:PORT, where the document is at {DefaultPath}, or the address of the document.",
        CustomParser = static result =>
        {
            string text = result.Tokens[0].Value;
            if (Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https")
                return uri.PathAndQuery == "/" ? new Uri(uri, DefaultPath) : uri;
            result.AddError($"'{text}' is no address of a server; give one such as http://localhost:8082");
            return null;
        },
    };

    private readonly Option<string?> _output = new("--output")
    {
        Description = "Write to this file instead of standard output; one that is there is replaced.",
        HelpName = "FILE",
    };

    private readonly Option<double> _timeout = AnswerTimeout.Create(30);

    public ContractCommand()
        : base("contract", "Print the contract of a server, as AsyncAPI 3.", """
            The server is one that calls app.MapKrmxContract(), as it does in development. krmx-types makes TypeScript of the same document.

            Examples:
              krmx contract http://localhost:8082
              krmx contract http://localhost:8082/krmx/asyncapi.json --output contract.json
            """)
    {
        Arguments.Add(_uri);
        Options.Add(_output);
        Options.Add(_timeout);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult line, CancellationToken interruption)
    {
        Uri uri = line.GetRequiredValue(_uri);
        try
        {
            using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(line.GetValue(_timeout)) };
            using HttpResponseMessage response = await http.GetAsync(uri, interruption);
            string document = await response.Content.ReadAsStringAsync(interruption);
            if (!response.IsSuccessStatusCode)
                return Failure.Report($"no contract at {uri}: the server answered {(int)response.StatusCode}{Detail(document)}");
            if (!IsContract(document))
                return Failure.Report($"what is at {uri} is no contract: it is not AsyncAPI 3");
            if (line.GetValue(_output) is string file)
                await File.WriteAllTextAsync(file, document, interruption);
            else
                await Console.Out.WriteAsync(document);
            return ExitCode.Done;
        }
        catch (HttpRequestException error)
        {
            return Failure.Report($"cannot reach {uri}: {error.Message}");
        }
        catch (TaskCanceledException)
        {
            return Failure.Report(interruption.IsCancellationRequested ? "interrupted" : $"cannot reach {uri}: no answer in time");
        }
        catch (UnauthorizedAccessException error)
        {
            return Failure.Report(error.Message);
        }
    }

    /// <summary>What the server says of it; a page for people is not repeated.</summary>
    private static string Detail(string text) => text.Length is > 0 and <= 500 && !text.Contains('<', StringComparison.Ordinal)
        ? $": {text.Trim()}"
        : "; does it call app.MapKrmxContract()?";

    private static bool IsContract(string document)
    {
        try
        {
            using var json = JsonDocument.Parse(document);
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("asyncapi", out JsonElement version)
                && version.ValueKind == JsonValueKind.String && version.GetString()!.StartsWith("3.", StringComparison.Ordinal);
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
