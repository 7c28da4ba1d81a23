package com.mumosystems.oktaprofiles.jira.harness;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** What atlassian-plugin.xml declares, as far as a browser meets it: servlets, web resources and web panels. */
final class Descriptor {
  private final Document document;
  private final String pluginKey;

  private Descriptor(Document document) {
    this.document = document;
    this.pluginKey = document.getDocumentElement().getAttribute("key");
  }

  static Descriptor read() throws IOException {
    try (InputStream xml = Descriptor.class.getResourceAsStream("/atlassian-plugin.xml")) {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      return new Descriptor(factory.newDocumentBuilder().parse(xml));
    } catch (ParserConfigurationException | SAXException e) {
      throw new IOException("atlassian-plugin.xml cannot be read", e);
    }
  }

  /** The plugin's version. */
  String version() {
    return document.getElementsByTagName("version").item(0).getTextContent().strip();
  }

  /** Class names of servlets by the patterns below /plugins/servlet. */
  Map<String, String> servlets() {
    Map<String, String> servlets = new LinkedHashMap<>();
    for (Element servlet : elements("servlet")) {
      NodeList patterns = servlet.getElementsByTagName("url-pattern");
      for (int i = 0; i < patterns.getLength(); i++) {
        servlets.put(patterns.item(i).getTextContent().strip(), servlet.getAttribute("class"));
      }
    }
    return servlets;
  }

  /**
   * Where the bundle has what the path behind /download/resources/ names.
   *
   * @param path such as PLUGIN:RESOURCE/file.js; a resource whose name ends with a slash is a folder
   * @return the location in the bundle, or null
   */
  String download(String path) {
    for (Element resource : elements("web-resource")) {
      String prefix = pluginKey + ":" + resource.getAttribute("key") + "/";
      if (path.startsWith(prefix)) {
        return location(resource, path.substring(prefix.length()));
      }
    }
    return null;
  }

  private static String location(Element webResource, String name) {
    NodeList files = webResource.getElementsByTagName("resource");
    for (int i = 0; i < files.getLength(); i++) {
      Element file = (Element) files.item(i);
      String known = file.getAttribute("name");
      if (known.equals(name) || known.endsWith("/") && name.startsWith(known)) {
        return file.getAttribute("location") + name.substring(known.length());
      }
    }
    return null;
  }

  /** Style sheets of the web resources that ask to be on every page of a context. */
  List<String> styleSheets(String context) {
    return downloads(context, ".css");
  }

  /** Their scripts. */
  List<String> scripts(String context) {
    return downloads(context, ".js");
  }

  private List<String> downloads(String context, String ending) {
    List<String> found = new ArrayList<>();
    for (Element resource : elements("web-resource")) {
      NodeList contexts = resource.getElementsByTagName("context");
      NodeList files = resource.getElementsByTagName("resource");
      for (int i = 0; i < contexts.getLength(); i++) {
        for (int j = 0; contexts.item(i).getTextContent().strip().equals(context) && j < files.getLength(); j++) {
          String name = ((Element) files.item(j)).getAttribute("name");
          if (name.endsWith(ending)) {
            found.add(pluginKey + ":" + resource.getAttribute("key") + "/" + name);
          }
        }
      }
    }
    return found;
  }

  /** Class names of the panels at a place of Jira's pages. */
  List<Element> panels(String location) {
    return elements("web-panel").stream().filter(panel -> panel.getAttribute("location").equals(location)).toList();
  }

  private List<Element> elements(String name) {
    NodeList nodes = document.getDocumentElement().getElementsByTagName(name);
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      elements.add((Element) nodes.item(i));
    }
    return elements;
  }
}
