#if NET
namespace Krmx;

/// <summary>A payload that knows the type of its message, so that no text is written twice. Not in .NET Standard, which has no static interface members.</summary>
/// <remarks><c>public sealed record Say(string Text) : IKrmxMessage { public static string Type => "chat/message"; }</c></remarks>
public interface IKrmxMessage
{
    /// <summary>The message's type; the same at each call.</summary>
    static abstract string Type { get; }
}
#endif
