namespace Krmx.Protocol;

/// <summary>The types of the messages that carry requests and answers (protocol section 10).</summary>
internal static class RequestMessageTypes
{
    public const string Ask = "request/ask";
    public const string Answer = "request/answer";
    public const string Refuse = "request/refuse";
}
