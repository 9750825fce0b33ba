using System.Text;

namespace Krmx.State.Tests;

/// <summary>JSON trees, written as in JavaScript: with single quotes.</summary>
internal static class Trees
{
    public static JsonTree Parse(string text) => JsonTree.Parse(Encoding.UTF8.GetBytes(text.Replace('\'', '"')), JsonTree.MaxDepth);
}
