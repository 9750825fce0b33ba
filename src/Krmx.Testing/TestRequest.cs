namespace Krmx.Testing;

/// <summary>A request of a <see cref="TestClient"/>.</summary>
public sealed class TestRequest
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(15); // as a KrmxClient waits, by default

    internal TestRequest(TestClient client, KrmxMessage request) => client.Request(request, Timeout, result => Result = result);

    /// <summary>What became of it; null while it waits for its answer.</summary>
    public RequestResult? Result { get; private set; }

    /// <summary>Why the room refused it; null unless it did.</summary>
    public string? Refusal => Result?.Reason;

    /// <summary>Reads the answer.</summary>
    /// <exception cref="KrmxException">It was not answered; the message says what became of it.</exception>
    /// <exception cref="System.Text.Json.JsonException">The answer has no payload, or is no <typeparamref name="T"/>.</exception>
    public T? Answer<T>() => Result is { IsAnswered: true } result
        ? result.Answer.Deserialize<T>()
        : throw new KrmxException($"there is no answer: the request {(Result is { } ended ? $"is {ended.Status}: {ended.Reason}" : "waits for it")}");
}
